/// The client's side of connections that leave HTTP: asking another server for an upgrade
/// ([dev.tiphys.http.client.UpgradedConnection]), and SPDY's streams on it
/// ([dev.tiphys.http.client.SpdyClient]), as the agents of nodes and container runtimes speak.
package dev.tiphys.http.client;
