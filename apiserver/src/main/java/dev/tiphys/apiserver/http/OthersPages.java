package dev.tiphys.apiserver.http;

import dev.tiphys.apiserver.http.media.MediaType;
import dev.tiphys.apiserver.http.media.ResponseWriter;
import dev.tiphys.http.Body;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.Json;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What other parts of this process have to tell, under paths of their own.
///
/// @param documents by paths; absent where there is nothing
record OthersPages(Function<String, Optional<Struct>> documents) implements ServerHandler.Page {

  @Override
  public boolean answer(String path, ResponseWriter response) {
    Optional<Struct> document = documents.apply(path);
    document.ifPresent(
        found -> response.sendLarge(200, MediaType.JSON, Body.of(Json.bytes(found)), List.of()));
    return document.isPresent();
  }
}
