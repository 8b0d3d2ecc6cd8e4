/// The client's side of HTTP/1.1 for what is passed on as it comes
/// ([dev.tiphys.http.client.ClientConnection]), and of connections that leave HTTP: asking another
/// server for an upgrade ([dev.tiphys.http.client.UpgradedConnection]), and SPDY's streams on it
/// ([dev.tiphys.http.client.SpdyClient]), as the agents of nodes and container runtimes speak.
package dev.tiphys.http.client;
