/// The door that HTTP requests come through: what a request asks for, who asks, and how the answer
/// is written.
///
/// [dev.tiphys.apiserver.http.ApiHandler] takes each request;
/// [dev.tiphys.apiserver.http.RequestPath] reads what it is about,
/// [dev.tiphys.apiserver.http.Negotiation] in which form the client wants the answer. From
/// [dev.tiphys.apiserver.http.ResourceHandler] on it is an operation like any other.
package dev.tiphys.apiserver.http;
