package dev.tiphys.apiserver.authorization.rbac;

import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.apiserver.watch.StateFeed;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All roles and bindings, found by the subjects that they give something to: a look at a user's
/// rights touches what is bound to this user and its groups, and nothing else.
///
/// Threads: any reads; one at a time writes, through the sinks.
final class Policy {

  private static final String CLUSTER_ROLE = "ClusterRole";

  private final Map<Role.Key, Role> roles = new ConcurrentHashMap<>();
  private final Map<Holder, List<Grant>> grants = new ConcurrentHashMap<>();

  /// Of which kind a subject is, as far as requests show it: service accounts are users there.
  private enum HolderKind {
    USER,
    GROUP
  }

  /// Who holds grants, and where they are good.
  ///
  /// @param namespace empty for the whole cluster
  private record Holder(HolderKind kind, String name, String namespace) {}

  /// The ClusterRoles, or the Roles.
  StateFeed.Sink roles(boolean ofCluster) {
    return new RoleSink(ofCluster);
  }

  /// The RoleBindings, or the ClusterRoleBindings.
  StateFeed.Sink bindings() {
    return new BindingSink();
  }

  /// The role that a binding in `namespace` refers to.
  Role role(Struct reference, String namespace) {
    boolean ofCluster = reference.string("kind").equals(CLUSTER_ROLE);
    return role(new Role.Key(ofCluster ? "" : namespace, reference.string("name")));
  }

  private Role role(Role.Key key) {
    return roles.computeIfAbsent(
        key, k -> new Role(k.namespace().isEmpty() ? CLUSTER_ROLE : "Role", k.name()));
  }

  /// Looks at grants until one answers.
  interface Look<T> {
    @Nullable T at(Grant grant);
  }

  /// What `look` finds in the grants that a user has in a namespace: those of the whole cluster
  /// come first. Null if it finds nothing.
  <T> @Nullable T search(UserInfo user, String namespace, Look<T> look) {
    T found = searchOne(user, "", look);
    return found != null || namespace.isEmpty() ? found : searchOne(user, namespace, look);
  }

  private <T> @Nullable T searchOne(UserInfo user, String namespace, Look<T> look) {
    T found = search(new Holder(HolderKind.USER, user.name(), namespace), look);
    List<String> groups = user.groups();
    for (int i = 0; found == null && i < groups.size(); i++) {
      found = search(new Holder(HolderKind.GROUP, groups.get(i), namespace), look);
    }
    return found;
  }

  private <T> @Nullable T search(Holder holder, Look<T> look) {
    List<Grant> all = grants.get(holder);
    if (all == null) {
      return null;
    }
    for (int i = 0; i < all.size(); i++) {
      T found = look.at(all.get(i));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /// Follows roles of one kind.
  private final class RoleSink implements StateFeed.Sink {
    private final boolean ofCluster;

    RoleSink(boolean ofCluster) {
      this.ofCluster = ofCluster;
    }

    @Override
    public void restart() {
      roles.forEach(
          (key, role) -> {
            if (key.namespace().isEmpty() == ofCluster) {
              role.forget();
            }
          });
    }

    @Override
    public void put(String key, Struct object) {
      role(key(key)).define(object.structs("rules"));
    }

    @Override
    public void remove(String key) {
      role(key(key)).forget();
    }

    private Role.Key key(String key) {
      int slash = key.indexOf('/');
      return slash < 0
          ? new Role.Key("", key)
          : new Role.Key(key.substring(0, slash), key.substring(slash + 1));
    }
  }

  /// Follows bindings of one kind.
  private final class BindingSink implements StateFeed.Sink {
    private final Map<String, Map<Holder, Grant>> held = new HashMap<>();

    @Override
    public void restart() {
      List.copyOf(held.keySet()).forEach(this::remove);
    }

    @Override
    public void put(String key, Struct binding) {
      remove(key);
      String namespace = binding.string("metadata", "namespace");
      Role role = role(binding.struct("roleRef"), namespace);
      Map<Holder, Grant> given = new HashMap<>();
      for (Struct subject : binding.structs("subjects")) {
        Holder holder = holder(subject, namespace);
        if (holder != null) {
          given.putIfAbsent(holder, new Grant(binding, subject, role));
        }
      }
      held.put(key, given);
      given.forEach((holder, grant) -> grants.merge(holder, List.of(grant), Policy::joined));
    }

    @Override
    public void remove(String key) {
      Map<Holder, Grant> given = held.remove(key);
      if (given != null) {
        given.forEach(
            (holder, grant) -> grants.computeIfPresent(holder, (_, all) -> without(all, grant)));
      }
    }

    private @Nullable Holder holder(Struct subject, String namespace) {
      String name = subject.string("name");
      return switch (subject.string("kind")) {
        case "User" -> new Holder(HolderKind.USER, name, namespace);
        case "Group" -> new Holder(HolderKind.GROUP, name, namespace);
        case "ServiceAccount" -> {
          String own = subject.string("namespace");
          String home = own.isEmpty() ? namespace : own;
          yield home.isEmpty()
              ? null
              : new Holder(HolderKind.USER, UserInfo.serviceAccountName(home, name), namespace);
        }
        default -> null;
      };
    }
  }

  private static List<Grant> joined(List<Grant> some, List<Grant> more) {
    List<Grant> all = new ArrayList<>(some.size() + more.size());
    all.addAll(some);
    all.addAll(more);
    return List.copyOf(all);
  }

  /// Null if none is left.
  private static @Nullable List<Grant> without(List<Grant> all, Grant gone) {
    List<Grant> left = new ArrayList<>(all);
    left.removeIf(each -> each == gone);
    return left.isEmpty() ? null : List.copyOf(left);
  }
}
