package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.admission.webhook.CallLog;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;

/// `/webhooks`: what became of the calls of each admission webhook since the server started.
record WebhooksPage(CallLog log) implements ServerHandler.Page {

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.equals("/webhooks")) {
      return false;
    }
    Struct document = Struct.of("webhooks", List.copyOf(log.lines()));
    response.sendLarge(200, MediaType.JSON, Body.of(Json.bytes(document)), List.of());
    return true;
  }
}
