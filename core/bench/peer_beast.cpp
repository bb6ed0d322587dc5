// peer_beast.cpp: Boost.Beast's parser and its WebSocket stream, over a stream in memory. Deflate
// is left out, so that Beast only does what is compared; it wants a new stream for each request.
#include "peer.h"

#include <cstring>

#include <boost/asio/io_context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

namespace
{
namespace asio = boost::asio;
namespace beast = boost::beast;

// Takes what is written, and has nothing to read.
class sink
{
    asio::io_context &context_;

  public:
    using executor_type = asio::io_context::executor_type;
    uint8_t *out = nullptr;
    std::size_t written = 0;

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
        auto room = asio::buffer(out + written, BENCH_ANSWER_SIZE - written);
        std::size_t n = asio::buffer_copy(room, buffers);
        error =
            n < beast::buffer_bytes(buffers) ? asio::error::no_buffer_space : beast::error_code{};
        written += n;
        return n;
    }

    template <class Buffers>
    std::size_t write_some(const Buffers &buffers)
    {
        beast::error_code error;
        std::size_t n = write_some(buffers, error);
        if (error) {
            throw beast::system_error(error);
        }
        return n;
    }
};
} // namespace

extern "C" size_t peer_beast(const uint8_t *p, size_t n, uint8_t *out)
{
    static asio::io_context context;
    beast::error_code error;
    beast::http::request_parser<beast::http::empty_body> parser;
    parser.put(asio::const_buffer(p, n), error);
    if (error || !parser.is_done() || !beast::websocket::is_upgrade(parser.get())) {
        return 0;
    }
    beast::websocket::stream<sink, false> stream(context);
    stream.next_layer().out = out;
    stream.accept(parser.get(), error);
    return error ? 0 : stream.next_layer().written;
}
