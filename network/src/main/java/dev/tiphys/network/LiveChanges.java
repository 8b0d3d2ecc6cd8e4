package dev.tiphys.network;

import dev.tiphys.http.Response;
import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.encoding.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// When a part came to serve a revision of Services and EndpointSlices: the kernel had the rules,
/// or the DNS the names.
///
/// Costs one small record for each step of the part, however many changes are in it; the oldest are
/// forgotten.
///
/// Threads: any.
public final class LiveChanges {

  /// The page that tells: `/live?services=REVISION&slices=REVISION`.
  public static final String PAGE = "/live";

  private static final Pattern REVISIONS =
      Pattern.compile("services=([0-9]{1,18})&slices=([0-9]{1,18})");
  private static final int KEPT = 8192;

  private final Deque<Change> changes = new ArrayDeque<>();

  /// @param services the newest revision of a Service that was served
  /// @param slices the newest revision of a slice that was
  private record Change(long services, long slices, Instant at) {
    boolean includes(long service, long slice) {
      return services >= service && slices >= slice;
    }
  }

  /// From now on these revisions are served.
  public synchronized void add(long services, long slices, Instant now) {
    Change last = changes.peekLast();
    if (last != null && last.includes(services, slices)) {
      return;
    }
    if (changes.size() == KEPT) {
      changes.removeFirst();
    }
    changes.addLast(new Change(services, slices, now));
  }

  /// When it was so for the first time; null if it is not so yet.
  private synchronized @Nullable Change first(long service, long slice) {
    for (Change change : changes) {
      if (change.includes(service, slice)) {
        return change;
      }
    }
    return null;
  }

  private synchronized boolean isOldest(Change change) {
    return change == changes.peekFirst();
  }

  /// What [#PAGE] says, as JSON: the time `now` here; `at`, when both revisions were served for the
  /// first time, if they are; `earlier`, whether that may have been before `at`, which is as far
  /// back as is known.
  ///
  /// @param query which names both revisions
  public Response page(String query, Instant now) {
    Matcher revisions = REVISIONS.matcher(query);
    if (!revisions.matches()) {
      return response(
          400, "text/plain; charset=utf-8", "ask for services=REVISION&slices=REVISION");
    }
    long service = Long.parseLong(revisions.group(1));
    long slice = Long.parseLong(revisions.group(2));
    return response(200, "application/json", Json.text(answer(service, slice, now)));
  }

  private static Response response(int status, String type, String text) {
    return Response.of(status, type, text.getBytes(StandardCharsets.UTF_8));
  }

  private Struct answer(long service, long slice, Instant now) {
    Struct answer = Struct.of("now", Timestamps.micros(now));
    Change first = first(service, slice);
    return first == null
        ? answer
        : answer.with("at", Timestamps.micros(first.at())).with("earlier", isOldest(first));
  }
}
