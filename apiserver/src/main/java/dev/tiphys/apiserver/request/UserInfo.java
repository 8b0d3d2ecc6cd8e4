package dev.tiphys.apiserver.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The user that makes a request, as authentication found.
///
/// @param name the user's name
/// @param uid what tells the user from another of that name; may be empty
/// @param groups the groups that the user belongs to
/// @param extra what else the authenticator knows of the user
public record UserInfo(
    String name, String uid, List<String> groups, Map<String, List<String>> extra) {

  /// The group whose members may do anything.
  public static final String MASTERS = "system:masters";

  /// The group of all users with a proven identity.
  public static final String AUTHENTICATED = "system:authenticated";

  /// The group of all users without one.
  public static final String UNAUTHENTICATED = "system:unauthenticated";

  /// The extra that tells which credential proved the identity.
  public static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

  public static final UserInfo ANONYMOUS =
      new UserInfo("system:anonymous", "", List.of(UNAUTHENTICATED), Map.of());

  /// The proxies of all nodes.
  public static final UserInfo PROXY = of("system:kube-proxy", AUTHENTICATED);

  /// The scheduler.
  public static final UserInfo SCHEDULER = of("system:kube-scheduler", AUTHENTICATED);

  public UserInfo {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  /// The group of all service accounts.
  public static final String SERVICE_ACCOUNTS = "system:serviceaccounts";

  /// The group of all nodes.
  public static final String NODES = "system:nodes";

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
  private static final String NODE = "system:node:";

  public static UserInfo of(String name, String... groups) {
    return new UserInfo(name, "", List.of(groups), Map.of());
  }

  /// A service account as a user.
  public static UserInfo ofServiceAccount(String namespace, String name) {
    return of(
        serviceAccountName(namespace, name),
        SERVICE_ACCOUNTS,
        SERVICE_ACCOUNTS + ":" + namespace,
        AUTHENTICATED);
  }

  /// The name that a service account has as a user.
  public static String serviceAccountName(String namespace, String name) {
    return SERVICE_ACCOUNT + namespace + ":" + name;
  }

  /// A node's agent as a user.
  public static UserInfo ofNode(String node) {
    return of(NODE + node, NODES, AUTHENTICATED);
  }

  /// The node that the user is the agent of; empty if it is none.
  public String node() {
    return name.startsWith(NODE) && groups.contains(NODES) ? name.substring(NODE.length()) : "";
  }

  /// The service account that the user is; null if it is none.
  public @Nullable ServiceAccount serviceAccount() {
    if (!name.startsWith(SERVICE_ACCOUNT)) {
      return null;
    }
    String[] parts = name.substring(SERVICE_ACCOUNT.length()).split(":", -1);
    return parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty()
        ? new ServiceAccount(parts[0], parts[1])
        : null;
  }

  /// A service account, as its object is named.
  public record ServiceAccount(String namespace, String name) {}

  /// The same user, in the group of all whose identity is proven.
  public UserInfo authenticated() {
    if (groups.contains(AUTHENTICATED) || groups.contains(UNAUTHENTICATED)) {
      return this;
    }
    List<String> all = new ArrayList<>(groups);
    all.add(AUTHENTICATED);
    return new UserInfo(name, uid, all, extra);
  }
}
