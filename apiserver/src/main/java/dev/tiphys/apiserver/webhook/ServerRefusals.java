package dev.tiphys.apiserver.webhook;

import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;

/// What upstream says of an answer whose status is that of a failure.
final class ServerRefusals {

  private ServerRefusals() {}

  /// @param body of the answer: a Status speaks for itself
  static String text(int status, byte[] body) {
    String told = told(body);
    return told.isEmpty() ? worded(status, body) : told;
  }

  private static String told(byte[] body) {
    try {
      Struct tree = Json.struct(body);
      return tree.string("kind").equals("Status") ? tree.string("message") : "";
    } catch (EncodingException e) {
      return "";
    }
  }

  private static String worded(int status, byte[] body) {
    return switch (status) {
      case 400 -> "the server rejected our request for an unknown reason";
      case 401 -> "the server has asked for the client to provide credentials";
      case 403 -> said(body);
      case 404 -> "the server could not find the requested resource";
      case 405 -> "the server does not allow this method on the requested resource";
      case 406 -> "the server was unable to respond with a content type that the client supports";
      case 409 -> "the server reported a conflict";
      case 415 ->
          "the body of the request was in an unknown format - accepted media types include: ";
      case 422 -> "the server rejected our request due to an error in our request";
      case 429 -> "the server has received too many requests and has asked us to try again later";
      case 503 -> "the server is currently unable to handle the request";
      case 504 ->
          "the server was unable to return a response in the time allotted, but may still be"
              + " processing the request";
      default ->
          status >= 500
              ? "an error on the server (\""
                  + said(body)
                  + "\") has prevented the request from succeeding"
              : "the server responded with the status code "
                  + status
                  + " but did not return more information";
    };
  }

  private static String said(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "unknown" : text;
  }
}
