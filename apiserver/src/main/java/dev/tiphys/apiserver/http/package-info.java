/// The door that HTTP requests come through: what a request asks for, and how it is answered.
///
/// [dev.tiphys.apiserver.http.ApiHandler] takes each request through the pipeline;
/// [dev.tiphys.apiserver.http.RequestPath] reads what it is about, package `query` its parameters,
/// package `media` the forms in which objects come and go. From
/// [dev.tiphys.apiserver.http.ResourceHandler] on it is an operation like any other.
package dev.tiphys.apiserver.http;
