package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.http.Body;
import dev.tiphys.object.encoding.Json;
import java.util.List;

/// The descriptions of the API: `/openapi/v3` and what lies below it.
final class OpenApiPages implements ServerHandler.Page {

  private static final String ROOT = "/openapi/v3";

  private final OpenApi openApi;

  OpenApiPages(OpenApi openApi) {
    this.openApi = openApi;
  }

  @Override
  public boolean answer(String path, Answering answering) {
    if (path.equals(ROOT)) {
      byte[] index = Json.bytes(openApi.index());
      answering.send(200, MediaType.JSON, Body.of(index), List.of());
      return true;
    }
    if (!path.startsWith(ROOT + "/")) {
      return false;
    }
    OpenApi.Document document = openApi.find(path.substring(ROOT.length() + 1));
    if (document == null) {
      return false;
    }
    answering.sendLarge(200, MediaType.JSON, Body.of(document.json()), List.of());
    return true;
  }
}
