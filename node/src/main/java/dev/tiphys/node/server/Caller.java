package dev.tiphys.node.server;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.List;

/// Who asks the agent for something.
///
/// @param user the name
/// @param uid may be empty
/// @param groups what the user belongs to
/// @param extra what else is known of the user, as a review has it
record Caller(String user, String uid, List<String> groups, Struct extra) {

  Caller {
    groups = List.copyOf(groups);
  }

  /// The one that a review of a token found.
  static Caller of(Struct user) {
    return new Caller(
        user.string("username"), user.string("uid"), user.strings("groups"), user.struct("extra"));
  }

  /// What a question for rights says of it.
  StructBuilder question() {
    return new StructBuilder()
        .add("user", user)
        .addUnlessEmpty("uid", uid)
        .addUnlessEmpty("groups", groups)
        .addUnlessEmpty("extra", extra);
  }
}
