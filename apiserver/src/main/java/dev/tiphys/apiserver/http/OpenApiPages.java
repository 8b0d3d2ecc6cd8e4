package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.openapi.OpenApi;
import dev.tiphys.http.Body;
import dev.tiphys.object.encoding.Json;

/// The descriptions of the API: `/openapi/v3` and what lies below it.
final class OpenApiPages implements ServerHandler.Page {

  private static final String ROOT = "/openapi/v3";

  /// What is asked for without a hash may be another document tomorrow.
  private static final String CHECKED = "no-cache, private";

  private final OpenApi openApi;

  OpenApiPages(OpenApi openApi) {
    this.openApi = openApi;
  }

  @Override
  public boolean answer(String path, Answering answering) {
    if (path.equals(ROOT)) {
      byte[] index = Json.bytes(openApi.index());
      answering.sendKept(MediaType.JSON, Body.of(index), OpenApi.hash(index), CHECKED);
      return true;
    }
    if (!path.startsWith(ROOT + "/")) {
      return false;
    }
    OpenApi.Document document = openApi.find(path.substring(ROOT.length() + 1));
    if (document == null) {
      return false;
    }
    boolean byHash = answering.exchange().query().startsWith("hash=");
    answering.sendKept(
        MediaType.JSON,
        Body.of(document.json()),
        document.hash(),
        byHash ? "public, immutable" : CHECKED);
    return true;
  }
}
