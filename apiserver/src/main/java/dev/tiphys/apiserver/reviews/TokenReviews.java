package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.authentication.Authentication;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.apiserver.request.UserInfo;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import org.jspecify.annotations.Nullable;

/// Whose a bearer token is.
record TokenReviews(Authentication authentication) implements Review {

  @Override
  public Struct answer(Call call, String namespace, Struct question) {
    String token = question.string("spec", "token");
    if (token.isEmpty()) {
      throw ApiException.badRequest("token is required for TokenReview in authentication");
    }
    @Nullable UserInfo user = authentication.ofToken(token);
    Struct status =
        user == null
            ? new StructBuilder()
                .add("user", Struct.EMPTY)
                .add("error", "invalid bearer token")
                .build()
            : new StructBuilder().add("authenticated", true).add("user", Users.tree(user)).build();
    return question.with("status", status);
  }
}
