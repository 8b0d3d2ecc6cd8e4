package dev.tiphys.cli.roles;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ObjectKey;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Since when objects that say where requests go are followed by them, as JSON under
/// `/live/RESOURCE/NAMESPACE/NAME/REVISION`.
///
/// Threads: any.
public final class LiveDocuments implements Function<String, Optional<Struct>> {

  private static final Pattern PATH =
      Pattern.compile("/live/([a-z0-9.-]+)/([^/]+)/([^/]+)/([0-9]{1,18})");

  private final String resource;
  private final Source source;

  /// What knows it of one resource.
  public interface Source {

    /// `at`, since when a revision or a later one is followed, if it is; `earlier`, whether it may
    /// have been before; `now`, the time here.
    Struct live(ObjectKey key, long revision);
  }

  /// @param resource with its group: `ingresses.networking.k8s.io`
  public LiveDocuments(String resource, Source source) {
    this.resource = resource;
    this.source = source;
  }

  /// The path of a document.
  public static String path(String resource, String namespace, String name, long revision) {
    return "/live/%s/%s/%s/%d".formatted(resource, namespace, name, revision);
  }

  /// Absent if it is the path of another one.
  @Override
  public Optional<Struct> apply(String path) {
    Matcher asked = PATH.matcher(path);
    return asked.matches() && asked.group(1).equals(resource)
        ? Optional.of(
            source.live(
                new ObjectKey(asked.group(2), asked.group(3)), Long.parseLong(asked.group(4))))
        : Optional.empty();
  }
}
