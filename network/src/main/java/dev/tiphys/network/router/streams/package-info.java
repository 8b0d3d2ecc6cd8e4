/// Connections that are passed on as they are: nothing is known of what is spoken on them but the
/// name that a client asks for as it begins TLS.
///
/// A [StreamTable] says which connections of a port, and [StreamRelay] passes the bytes on. What is
/// not in the table is left to HTTP.
package dev.tiphys.network.router.streams;
