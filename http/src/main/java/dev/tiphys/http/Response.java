package dev.tiphys.http;

import java.util.List;

/// A whole answer.
///
/// @param status the status code
/// @param headers the header fields; the length is added by itself, unless it is among them (in an
///   answer without content it is that which GET would have)
/// @param body the content
public record Response(int status, List<Header> headers, Body body) {

  public Response {
    headers = List.copyOf(headers);
  }

  public static Response of(int status, String mediaType, byte[] content) {
    return new Response(status, List.of(new Header("content-type", mediaType)), Body.of(content));
  }
}
