package dev.tiphys.client.access;

import dev.tiphys.client.Api;
import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.ApiException;
import dev.tiphys.object.api.Reason;
import dev.tiphys.schema.GroupVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks the API server who shows a bearer token, and whether a user may get a path that is no
/// resource's, as upstream's parts do for their pages.
///
/// Threads: any.
///
/// @param api that may create reviews
public record PathAccess(Api api) {

  /// A client that shows nothing.
  public static final Struct ANONYMOUS =
      Struct.of("username", "system:anonymous", "groups", List.of("system:unauthenticated"));

  private static final ApiResource TOKEN_REVIEWS =
      new ApiResource(
          GroupVersion.parse("authentication.k8s.io/v1"), "tokenreviews", "TokenReview", false);
  private static final ApiResource ACCESS_REVIEWS =
      new ApiResource(
          GroupVersion.parse("authorization.k8s.io/v1"),
          "subjectaccessreviews",
          "SubjectAccessReview",
          false);

  /// Who shows this.
  ///
  /// @param authorization the header of that name; null if there is none
  /// @throws ApiException if the token is worth nothing
  public Struct user(@Nullable String authorization) {
    if (authorization == null) {
      return ANONYMOUS;
    }
    String token = authorization.replaceFirst("(?i)^bearer ", "").strip();
    Struct status =
        api.create(TOKEN_REVIEWS, Struct.of("spec", Struct.of("token", token))).struct("status");
    if (!status.bool("authenticated")) {
      throw ApiException.of(Reason.UNAUTHORIZED, "Unauthorized");
    }
    return status.struct("user");
  }

  /// Lets a user in.
  ///
  /// @throws ApiException if it may not get that path
  public void require(Struct user, String path) {
    Struct spec =
        Struct.of("user", user.string("username"), "groups", user.strings("groups"))
            .with("nonResourceAttributes", Struct.of("path", path, "verb", "get"));
    Struct review = api.create(ACCESS_REVIEWS, Struct.of("spec", spec));
    if (!review.bool("status", "allowed")) {
      throw ApiException.of(
          Reason.FORBIDDEN,
          "forbidden: User \"%s\" cannot get path \"%s\"".formatted(user.string("username"), path));
    }
  }
}
