package dev.tiphys.apiserver.authentication;

import java.util.Set;

/// Which requests need not prove who sends them.
///
/// @param all whether all
/// @param paths otherwise those to these paths alone, without what comes after a `?`
public record Anonymous(boolean all, Set<String> paths) {

  public static final Anonymous EVERYWHERE = new Anonymous(true, Set.of());
  public static final Anonymous NOWHERE = new Anonymous(false, Set.of());

  public Anonymous {
    paths = Set.copyOf(paths);
  }

  public boolean mayAsk(String path) {
    return all || paths.contains(path);
  }
}
