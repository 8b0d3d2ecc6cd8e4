package dev.tiphys.network.router.streams;

import dev.tiphys.network.router.table.HostName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which connections of a port are passed on as they are.
///
/// Threads: any; immutable.
public final class StreamTable {

  /// None.
  public static final StreamTable EMPTY = new StreamTable(Map.of(), null, null);

  private final Map<HostName, Optional<StreamRoute>> byName;
  private final @Nullable StreamRoute every;
  private final @Nullable StreamRoute others;

  private StreamTable(
      Map<HostName, Optional<StreamRoute>> byName,
      @Nullable StreamRoute every,
      @Nullable StreamRoute others) {
    this.byName = byName;
    this.every = every;
    this.others = others;
  }

  /// Those whose clients ask for a name as they begin TLS.
  ///
  /// @param byName nothing leaves a name to HTTP, though a wider one is passed on
  public static StreamTable ofNames(Map<HostName, Optional<StreamRoute>> byName) {
    return new StreamTable(Map.copyOf(byName), null, null);
  }

  /// All of them, whatever is spoken.
  public static StreamTable ofAll(StreamRoute route) {
    return new StreamTable(Map.of(), route, null);
  }

  /// Those whose clients begin to speak something else than HTTP.
  public static StreamTable ofOthers(StreamRoute route) {
    return new StreamTable(Map.of(), null, route);
  }

  /// What several tables say of one port; of two with the same name, that name is the first one's.
  public static StreamTable ofFirst(List<StreamTable> tables) {
    Map<HostName, Optional<StreamRoute>> byName = new HashMap<>();
    StreamRoute every = null;
    StreamRoute others = null;
    for (StreamTable table : tables) {
      table.byName.forEach(byName::putIfAbsent);
      every = every == null ? table.every : every;
      others = others == null ? table.others : others;
    }
    return new StreamTable(Map.copyOf(byName), every, others);
  }

  /// The same, where names are left to HTTP that are not passed on, though wider ones are.
  public StreamTable leaving(Iterable<HostName> names) {
    Map<HostName, Optional<StreamRoute>> more = new HashMap<>(byName);
    names.forEach(each -> more.putIfAbsent(each, Optional.empty()));
    return new StreamTable(Map.copyOf(more), every, others);
  }

  public boolean isEmpty() {
    return byName.isEmpty() && every == null && others == null;
  }

  /// Whether a client is to say for which name it begins TLS.
  public boolean isByName() {
    return !byName.isEmpty();
  }

  /// Where a connection goes whose client does not speak HTTP; null if that is refused as HTTP
  /// says.
  public @Nullable StreamRoute others() {
    return others;
  }

  /// Where every connection goes; null if it depends on what is asked for.
  public @Nullable StreamRoute every() {
    return every;
  }

  /// Where a connection goes whose client asks for a name: by that very name, else by the wildcard
  /// of one label, else by the longest wildcard, else by what is for any name.
  ///
  /// @param asked null if the client asks for none
  /// @return null if it is not passed on
  public @Nullable StreamRoute named(@Nullable String asked) {
    @Nullable Optional<StreamRoute> found = null;
    if (asked != null) {
      String name = asked.toLowerCase(Locale.ROOT);
      found = byName.get(new HostName.Exact(name));
      int dot = name.indexOf('.');
      if (found == null && dot > 0) {
        found = byName.get(new HostName.OneLabel(name.substring(dot)));
      }
      while (found == null && dot > 0) {
        found = byName.get(new HostName.Wildcard(name.substring(dot)));
        dot = name.indexOf('.', dot + 1);
      }
    }
    if (found == null) {
      found = byName.get(new HostName.Any());
    }
    return found == null ? null : found.orElse(null);
  }
}
