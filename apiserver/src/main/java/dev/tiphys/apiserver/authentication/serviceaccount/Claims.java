package dev.tiphys.apiserver.authentication.serviceaccount;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the token of a service account says, in the form upstream gives it: names registered by RFC
/// 7519, and `kubernetes.io` for what is Kubernetes' own.
///
/// @param tree all of it
record Claims(Struct tree) {

  static final String OWN = "kubernetes.io";

  /// Claims as upstream sorts them.
  ///
  /// @param bound the object whose end is the token's end: `pod`, `node` and `secret`, as far as
  ///   there are
  /// @param warnAfter when the token should have been replaced; 0 for never
  static Claims of(
      String issuer,
      List<String> audiences,
      Struct account,
      Map<String, Struct> bound,
      long issued,
      long life,
      long warnAfter,
      String id) {
    Struct metadata = account.struct("metadata");
    String namespace = metadata.string("namespace");
    StructBuilder own = new StructBuilder();
    own.add("namespace", namespace);
    for (String kind : List.of("node", "pod", "secret")) {
      Struct object = bound.get(kind);
      if (object != null) {
        own.add(kind, reference(object));
      }
    }
    own.add("serviceaccount", reference(account));
    if (warnAfter > 0) {
      own.add("warnafter", issued + warnAfter);
    }
    return new Claims(
        new StructBuilder()
            .add("aud", audiences)
            .add("exp", issued + life)
            .add("iat", issued)
            .add("iss", issuer)
            .add("jti", id)
            .add(OWN, own.build())
            .add("nbf", issued)
            .add("sub", "system:serviceaccount:" + namespace + ":" + metadata.string("name"))
            .build());
  }

  private static Struct reference(Struct object) {
    Struct metadata = object.struct("metadata");
    return new StructBuilder()
        .add("name", metadata.string("name"))
        .addUnlessEmpty("uid", metadata.string("uid"))
        .build();
  }

  /// What is Kubernetes' own.
  Struct own() {
    return tree.struct(OWN);
  }

  /// The audiences of the token; empty for all that trust the issuer.
  List<String> audiences() {
    Object audiences = tree.get("aud");
    return audiences instanceof String single ? List.of(single) : tree.strings("aud");
  }

  /// The service account as a user, with what else is known of where the token is used.
  UserInfo user() {
    String namespace = own().string("namespace");
    Struct account = own().struct("serviceaccount");
    Map<String, List<String>> extra = new LinkedHashMap<>();
    if (!tree.string("jti").isEmpty()) {
      extra.put(UserInfo.CREDENTIAL_ID, List.of("JTI=" + tree.string("jti")));
    }
    for (String kind : List.of("pod", "node")) {
      Struct object = own().struct(kind);
      note(extra, kind + "-name", object.string("name"));
      note(extra, kind + "-uid", object.string("uid"));
    }
    return new UserInfo(
        "system:serviceaccount:" + namespace + ":" + account.string("name"),
        account.string("uid"),
        List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace),
        extra);
  }

  private static void note(Map<String, List<String>> extra, String what, String value) {
    if (!value.isEmpty()) {
      extra.put("authentication.kubernetes.io/" + what, List.of(value));
    }
  }
}
