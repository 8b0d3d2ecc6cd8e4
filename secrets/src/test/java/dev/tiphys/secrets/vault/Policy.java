package dev.tiphys.secrets.vault;

import java.util.List;
import java.util.Set;

/// What tokens with it may do.
///
/// @param rules any of them may allow something
public record Policy(List<Rule> rules) {

  /// All that can be done at a path.
  public static final Set<String> ALL = Set.of("read", "list", "update", "delete");

  /// Everything.
  public static final Policy ROOT = new Policy(List.of(new Rule("*", ALL)));

  /// What every token may do.
  static final Policy DEFAULT =
      new Policy(
          List.of(
              new Rule("auth/token/lookup-self", Set.of("read")),
              new Rule("auth/token/renew-self", Set.of("update")),
              new Rule("auth/token/revoke-self", Set.of("update")),
              new Rule("sys/leases/renew", Set.of("update"))));

  /// @param path with `*` at its end for all below, and `+` for any one step
  /// @param capabilities `read`, `list`, `update` (which is to create as well), `delete`
  public record Rule(String path, Set<String> capabilities) {

    boolean allows(String asked, String capability) {
      return capabilities.contains(capability) && matches(asked);
    }

    private boolean matches(String asked) {
      boolean open = path.endsWith("*");
      String[] wanted = (open ? path.substring(0, path.length() - 1) : path).split("/", -1);
      String[] steps = asked.split("/", -1);
      if (steps.length < wanted.length || !open && steps.length > wanted.length) {
        return false;
      }
      for (int i = 0; i < wanted.length; i++) {
        boolean last = i == wanted.length - 1;
        boolean fits =
            wanted[i].equals("+")
                || (open && last ? steps[i].startsWith(wanted[i]) : steps[i].equals(wanted[i]));
        if (!fits) {
          return false;
        }
      }
      return true;
    }
  }

  /// One that allows to do things below a path.
  public static Policy of(String path, String... capabilities) {
    return new Policy(List.of(new Rule(path, Set.of(capabilities))));
  }

  boolean allows(String path, String capability) {
    return rules.stream().anyMatch(rule -> rule.allows(path, capability));
  }
}
