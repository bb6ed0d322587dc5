// beast.cpp: Boost.Beast's parser of heads, and the server side of its WebSocket stream over a
// stream in memory that has nothing to read.
#include <cstring>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include "peers.h"

namespace
{
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

class sink
{
    asio::io_context &context_;

  public:
    using executor_type = asio::io_context::executor_type;
    std::string written;

    explicit sink(asio::io_context &context) : context_(context)
    {
    }

    executor_type get_executor() noexcept
    {
        return context_.get_executor();
    }

    template <class Buffers>
    std::size_t read_some(const Buffers &, beast::error_code &error)
    {
        error = asio::error::eof;
        return 0;
    }

    template <class Buffers>
    std::size_t read_some(const Buffers &)
    {
        throw beast::system_error(asio::error::eof);
    }

    template <class Buffers>
    std::size_t write_some(const Buffers &buffers, beast::error_code &error)
    {
        error = {};
        written += beast::buffers_to_string(buffers);
        return beast::buffer_bytes(buffers);
    }

    template <class Buffers>
    std::size_t write_some(const Buffers &buffers)
    {
        beast::error_code error;
        return write_some(buffers, error);
    }
};

template <class Text>
peer_text copied(peer_view *view, const Text &text)
{
    return peer_copy(view, text.data(), text.size());
}

void say(char *out, const std::string &text)
{
    std::size_t n = text.copy(out, PEER_REASON_MAX - 1);
    out[n] = '\0';
}

// The value of Sec-WebSocket-Accept in the answer, read by Beast's own client side. 100 (Continue)
// may stand before the 101.
void accept_value(const std::string &answer, peer_view *view)
{
    std::string value = "none";
    for (std::size_t at = 0; at < answer.size();) {
        beast::error_code error;
        http::response_parser<http::empty_body> parser;
        std::size_t used = parser.put(asio::buffer(answer) + at, error);
        if (error || used == 0) {
            break;
        }
        at += used;
        if (parser.get().result() == http::status::switching_protocols) {
            value = std::string(parser.get()[http::field::sec_websocket_accept]);
        }
    }
    view->accept[value.copy(view->accept, sizeof view->accept - 1)] = '\0';
}

void handshake(const http::request<http::empty_body> &request, peer_view *view)
{
    static asio::io_context context;
    beast::error_code error;
    if (!beast::websocket::is_upgrade(request)) {
        say(view->no_upgrade, "is_upgrade() is false");
        return;
    }
    beast::websocket::stream<sink, false> stream(context);
    stream.accept(request, error);
    if (error) {
        say(view->no_upgrade, error.message());
        return;
    }
    view->upgrade = true;
    accept_value(stream.next_layer().written, view);
}
} // namespace

extern "C" void peer_beast(const uint8_t *p, size_t n, struct peer_view *view)
{
    beast::error_code error;
    http::request_parser<http::empty_body> parser;
    parser.header_limit(UINT32_MAX);
    parser.body_limit(boost::none);
    std::size_t used = parser.put(asio::const_buffer(p, n), error);
    // What becomes of the body is not asked here.
    if (parser.is_header_done()) {
        const auto &request = parser.get();
        view->end = PEER_TAKEN;
        view->consumed = used;
        view->method = copied(view, request.method_string());
        view->target = copied(view, request.target());
        for (const auto &field : request) {
            peer_field(view, copied(view, field.name_string()), copied(view, field.value()));
        }
        handshake(request, view);
    } else if (error && error != http::error::need_more) {
        peer_refused(view, error.message().c_str());
    }
}
