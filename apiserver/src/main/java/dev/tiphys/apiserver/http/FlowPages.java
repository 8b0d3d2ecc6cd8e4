package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.flow.FlowEvent;
import dev.tiphys.apiserver.flow.FlowLog;
import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;

/// What requests set in motion: `/flow` for all that is remembered, `/flow/RESOURCE/NAMESPACE/NAME`
/// for the walk of one object's last change.
final class FlowPages implements ServerHandler.Page {

  private static final String ROOT = "/flow";

  private final FlowLog log;

  FlowPages(FlowLog log) {
    this.log = log;
  }

  @Override
  public boolean answer(String path, ResponseWriter response) {
    if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
      return false;
    }
    String[] parts = path.split("/");
    List<FlowEvent> events =
        switch (parts.length) {
          case 2 -> log.events();
          case 4 -> log.trace(parts[2], "", parts[3]);
          case 5 -> log.trace(parts[2], parts[3], parts[4]);
          default -> List.of();
        };
    Struct document = Struct.of("events", events.stream().map(FlowEvent::toStruct).toList());
    response.sendLarge(200, MediaType.JSON, Body.of(Json.bytes(document)), List.of());
    return true;
  }
}
