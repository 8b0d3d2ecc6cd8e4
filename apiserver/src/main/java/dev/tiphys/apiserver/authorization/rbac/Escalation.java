package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.apiserver.authorization.Attributes;
import dev.tiphys.apiserver.authorization.Attributes.Subject;
import dev.tiphys.apiserver.authorization.Authorizer;
import dev.tiphys.apiserver.authorization.Decision;
import dev.tiphys.apiserver.authorization.RuleResolver.Rules;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.schema.validation.GoText;
import java.util.List;

/// Keeps users from giving away rights that they do not have: a role may only say, and a binding
/// may only refer to, what its writer may do already, unless the writer has the right to `escalate`
/// or to `bind`.
///
/// Threads: any.
public final class Escalation {

  private static final List<Struct> EVERYTHING =
      List.of(
          Struct.of("apiGroups", List.of("*"), "resources", List.of("*"), "verbs", List.of("*")),
          Struct.of("nonResourceURLs", List.of("*"), "verbs", List.of("*")));

  private final Rbac rbac;
  private final Authorizer authorizer;

  /// @param rbac what users may do
  /// @param authorizer decides about the rights to escalate and to bind
  public Escalation(Rbac rbac, Authorizer authorizer) {
    this.rbac = rbac;
    this.authorizer = authorizer;
  }

  /// Refuses a role that gives more than its writer has.
  ///
  /// @param plural `roles` or `clusterroles`
  /// @param name by which the request names the role; empty if it does not
  /// @param old the state that it replaces; empty for a new one
  void checkRole(UserInfo user, String plural, String name, Struct role, Struct old) {
    String namespace = role.string("metadata", "namespace");
    if (isMaster(user) || may(user, "escalate", plural, namespace, name)) {
      return;
    }
    String groupResource = plural + "." + Rbac.GROUP;
    String own = role.string("metadata", "name");
    confirm(user, namespace, role.structs("rules"), groupResource, own);
    boolean gathers = gathers(role) || gathers(old);
    if (gathers && !missing(user, namespace, EVERYTHING).isEmpty()) {
      throw ApiException.forbidden(
          groupResource, own, "must have cluster-admin privileges to use the aggregationRule");
    }
  }

  private static boolean gathers(Struct role) {
    return !role.list("aggregationRule", "clusterRoleSelectors").isEmpty();
  }

  /// Refuses a binding to a role that gives more than the binding's writer has.
  ///
  /// @param plural `rolebindings` or `clusterrolebindings`
  void checkBinding(UserInfo user, String plural, Struct binding) {
    Struct role = binding.struct("roleRef");
    String namespace = binding.string("metadata", "namespace");
    String roles = role.string("kind").equals("Role") ? "roles" : "clusterroles";
    if (isMaster(user) || may(user, "bind", roles, namespace, role.string("name"))) {
      return;
    }
    confirm(
        user,
        namespace,
        rbac.rulesOf(role, namespace),
        plural + "." + Rbac.GROUP,
        binding.string("metadata", "name"));
  }

  private static boolean isMaster(UserInfo user) {
    return user.groups().contains(UserInfo.MASTERS);
  }

  private boolean may(UserInfo user, String verb, String plural, String namespace, String name) {
    Decision decision =
        authorizer.decide(
            new Attributes(
                user, verb, new Subject.OfResource(Rbac.GROUP, "*", plural, "", namespace, name)));
    return decision.isAllowed();
  }

  private Rules held(UserInfo user, String namespace) {
    return rbac.rulesFor(user, namespace, role -> role.refusal().message());
  }

  private List<Struct> missing(UserInfo user, String namespace, List<Struct> rules) {
    return Coverage.missing(held(user, namespace).rules(), rules);
  }

  private void confirm(
      UserInfo user, String namespace, List<Struct> rules, String groupResource, String name) {
    Rules held = held(user, namespace);
    List<Struct> missing = Coverage.missing(held.rules(), rules);
    if (missing.isEmpty()) {
      return;
    }
    String text =
        "user "
            + GoText.quoted(user.name())
            + " (groups="
            + Coverage.quoted(user.groups())
            + ") is attempting to grant RBAC permissions not currently held:\n"
            + Coverage.described(missing);
    if (!held.errors().isEmpty()) {
      text += "; resolution errors: [" + Decision.aggregate(held.errors()) + "]";
    }
    throw ApiException.forbidden(groupResource, name, text);
  }
}
