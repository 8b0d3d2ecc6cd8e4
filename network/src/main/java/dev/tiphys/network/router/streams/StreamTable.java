package dev.tiphys.network.router.streams;

import dev.tiphys.network.router.table.HostName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which connections of a port are passed on as they are.
///
/// Threads: any; immutable.
public final class StreamTable {

  /// None.
  public static final StreamTable EMPTY = new StreamTable(Map.of(), null);

  private final Map<HostName, StreamRoute> byName;
  private final @Nullable StreamRoute every;

  private StreamTable(Map<HostName, StreamRoute> byName, @Nullable StreamRoute every) {
    this.byName = byName;
    this.every = every;
  }

  /// Those whose clients ask for a name as they begin TLS.
  public static StreamTable ofNames(Map<HostName, StreamRoute> byName) {
    return new StreamTable(Map.copyOf(byName), null);
  }

  /// All of them, whatever is spoken.
  public static StreamTable ofAll(StreamRoute route) {
    return new StreamTable(Map.of(), route);
  }

  /// What several tables say of one port; of two with the same name, that name is the first one's.
  public static StreamTable ofFirst(List<StreamTable> tables) {
    Map<HostName, StreamRoute> byName = new HashMap<>();
    StreamRoute every = null;
    for (StreamTable table : tables) {
      table.byName.forEach(byName::putIfAbsent);
      every = every == null ? table.every : every;
    }
    return new StreamTable(Map.copyOf(byName), every);
  }

  public boolean isEmpty() {
    return byName.isEmpty() && every == null;
  }

  /// Where every connection goes; null if it depends on what is asked for.
  public @Nullable StreamRoute every() {
    return every;
  }

  /// Where a connection goes whose client asks for a name: by that very name, else by the longest
  /// wildcard, else by what is for any name.
  ///
  /// @param asked null if the client asks for none
  /// @return null if it is not passed on
  public @Nullable StreamRoute named(@Nullable String asked) {
    if (asked != null) {
      String name = asked.toLowerCase(Locale.ROOT);
      StreamRoute route = byName.get(new HostName.Exact(name));
      for (int dot = name.indexOf('.');
          route == null && dot > 0;
          dot = name.indexOf('.', dot + 1)) {
        route = byName.get(new HostName.Wildcard(name.substring(dot)));
      }
      if (route != null) {
        return route;
      }
    }
    return byName.get(new HostName.Any());
  }
}
