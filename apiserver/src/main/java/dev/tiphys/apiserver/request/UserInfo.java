package dev.tiphys.apiserver.request;

import java.util.List;
import java.util.Map;

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

  public static final UserInfo ANONYMOUS =
      new UserInfo("system:anonymous", "", List.of(UNAUTHENTICATED), Map.of());

  public UserInfo {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public static UserInfo of(String name, String... groups) {
    return new UserInfo(name, "", List.of(groups), Map.of());
  }
}
