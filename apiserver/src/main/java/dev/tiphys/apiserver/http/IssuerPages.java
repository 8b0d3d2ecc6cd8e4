package dev.tiphys.apiserver.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tiphys.apiserver.authentication.serviceaccount.IssuerDocuments;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.http.Body;

/// What others verify the tokens of service accounts with: `/.well-known/openid-configuration` and
/// `/openid/v1/jwks`.
///
/// @param documents what is shown
record IssuerPages(IssuerDocuments documents) implements ServerHandler.Page {

  @Override
  public boolean answer(String path, ResponseWriter response) {
    switch (path) {
      case IssuerDocuments.CONFIGURATION ->
          send(MediaType.JSON, documents.configuration(response.exchange().authority()), response);
      case IssuerDocuments.KEYS ->
          send("application/jwk-set+json", documents.keys().getBytes(UTF_8), response);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void send(String mediaType, byte[] document, ResponseWriter response) {
    response.sendKept(mediaType, Body.of(document), OpenApi.hash(document), "public, max-age=3600");
  }
}
