package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Users, as trees.
final class Users {

  private Users() {}

  /// A user as UserInfo in a status.
  static Struct tree(UserInfo user) {
    StructBuilder extra = new StructBuilder();
    user.extra().forEach(extra::add);
    return new StructBuilder()
        .addUnlessEmpty("username", user.name())
        .addUnlessEmpty("uid", user.uid())
        .addUnlessEmpty("groups", user.groups())
        .addUnlessEmpty("extra", extra.build())
        .build();
  }

  /// The user that a spec names.
  static UserInfo of(Struct spec) {
    Map<String, List<String>> extra = new HashMap<>();
    spec.struct("extra")
        .forEach((key, values) -> extra.put(key, spec.struct("extra").strings(key)));
    return new UserInfo(spec.string("user"), spec.string("uid"), spec.strings("groups"), extra);
  }
}
