package dev.tiphys.apiserver.authorization;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import java.util.List;

/// Tells what a user may do, as far as that can be listed.
///
/// Threads: any.
public interface RuleResolver {

  /// What a user may do in a namespace, what it may do in the whole cluster included.
  Rules rulesFor(UserInfo user, String namespace);

  /// What a user may do.
  ///
  /// @param rules in the form of rules of roles
  /// @param incomplete whether the user may do more than can be listed
  /// @param errors what kept rules from being listed
  record Rules(List<Struct> rules, boolean incomplete, List<String> errors) {
    public Rules {
      rules = List.copyOf(rules);
      errors = List.copyOf(errors);
    }
  }
}
