// peer_websocketpp.cpp: websocketpp's server over its transport without a socket, its own SHA-1.
#include "peer.h"

#include <cstring>

#define _WEBSOCKETPP_CPP11_STL_
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core.hpp>
#include <websocketpp/server.hpp>

namespace
{
namespace log = websocketpp::log;
using alone = websocketpp::concurrency::none;

// One thread and no log, so that websocketpp only does what is compared.
struct config : websocketpp::config::core {
    using concurrency_type = alone;
    using elog_type = log::basic<alone, log::elevel>;
    using alog_type = log::basic<alone, log::alevel>;
    static const log::level elog_level = log::elevel::none;
    static const log::level alog_level = log::alevel::none;
    static const bool enable_multithreading = false;

    struct transport_config : websocketpp::config::core::transport_config {
        using concurrency_type = alone;
        using elog_type = config::elog_type;
        using alog_type = config::alog_type;
        static const bool enable_multithreading = false;
    };

    using transport_type = websocketpp::transport::iostream::endpoint<transport_config>;
};

using server = websocketpp::server<config>;

uint8_t *OUT;
std::size_t WRITTEN;

std::error_code take(websocketpp::connection_hdl, const char *octets, std::size_t n)
{
    if (n > BENCH_ANSWER_SIZE - WRITTEN) {
        return std::make_error_code(std::errc::no_buffer_space);
    }
    std::memcpy(OUT + WRITTEN, octets, n);
    WRITTEN += n;
    return {};
}
} // namespace

extern "C" size_t peer_websocketpp(const uint8_t *p, size_t n, uint8_t *out)
{
    static server endpoint;
    OUT = out;
    WRITTEN = 0;
    server::connection_ptr connection = endpoint.get_connection();
    connection->set_write_handler(take);
    connection->start();
    connection->read_all(reinterpret_cast<const char *>(p), n);
    bool open = connection->get_state() == websocketpp::session::state::open;
    connection->eof();
    return open ? WRITTEN : 0;
}
