package dev.tiphys.apiserver.aggregation;

import dev.tiphys.apiserver.webhook.WebhookException;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// How the server of a group describes what it serves.
///
/// @param whole its document of OpenAPI v2; empty if it tells none
/// @param tag what tells that document from earlier ones
/// @param location where the group's document of OpenAPI v3 is; empty if it has none
/// @param since when the server was asked for all this
public record RemoteDescription(Struct whole, String tag, String location, Instant since) {

  /// Nothing is known yet.
  static final RemoteDescription NONE = new RemoteDescription(Struct.EMPTY, "", "", Instant.EPOCH);

  /// How long a description is believed.
  private static final Duration LIFE = Duration.ofMinutes(1);

  private static final int NOT_MODIFIED = 304;

  boolean isOld(Instant now) {
    return since.plus(LIFE).isBefore(now);
  }

  /// The description as it is now. What the server does not tell is missing in it.
  RemoteDescription renewed(RemoteGroup group, RemoteServers servers, Instant now) {
    Struct index = struct(group, servers, "/openapi/v3");
    String path = group.groupVersion().path().substring(1);
    String url = index.struct("paths").struct(path).string("serverRelativeURL");
    try {
      RemoteAnswer answer = RemoteAnswer.of(servers, group, "/openapi/v2", tag);
      if (answer.status() == NOT_MODIFIED) {
        return new RemoteDescription(whole, tag, url, now);
      }
      if (answer.isGood()) {
        return new RemoteDescription(Json.struct(answer.content()), answer.tag(), url, now);
      }
    } catch (WebhookException | IOException | EncodingException e) {
      // it is described to nobody then, and asked again
    }
    return new RemoteDescription(Struct.EMPTY, "", url, now);
  }

  private static Struct struct(RemoteGroup group, RemoteServers servers, String path) {
    try {
      RemoteAnswer answer = RemoteAnswer.of(servers, group, path, "");
      return answer.isGood() ? Json.struct(answer.content()) : Struct.EMPTY;
    } catch (WebhookException | IOException | EncodingException e) {
      return Struct.EMPTY;
    }
  }
}
