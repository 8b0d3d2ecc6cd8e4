/// The media types that clients take and send: which of them a request asks for
/// ([dev.tiphys.apiserver.http.media.Negotiation]), reading objects from its content
/// ([dev.tiphys.apiserver.http.media.Content]), writing the response
/// ([dev.tiphys.apiserver.http.media.ResponseWriter]).
package dev.tiphys.apiserver.http.media;
