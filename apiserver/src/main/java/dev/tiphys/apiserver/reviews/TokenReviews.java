package dev.tiphys.apiserver.reviews;

import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.apiserver.authentication.Tokens;
import dev.tiphys.apiserver.request.Call;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ApiException;
import java.util.List;
import java.util.function.Supplier;

/// Whose a bearer token is.
record TokenReviews(Supplier<Tokens> all) implements Review {

  @Override
  public Struct answer(Call call, String namespace, Struct question) {
    String token = question.string("spec", "token");
    if (token.isEmpty()) {
      throw ApiException.badRequest("token is required for TokenReview in authentication");
    }
    Tokens tokens = all.get();
    List<String> wanted = question.strings("spec", "audiences");
    Verdict verdict = tokens.examine(token, wanted.isEmpty() ? tokens.audiences() : wanted);
    return question.with("status", status(verdict));
  }

  private static Struct status(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Of(var user, var audiences) ->
          new StructBuilder()
              .add("authenticated", true)
              .add("user", Users.tree(user.authenticated()))
              .addUnlessEmpty("audiences", audiences)
              .build();
      case Verdict.Refused(String error) ->
          new StructBuilder().add("user", Struct.EMPTY).add("error", error).build();
      case Verdict.Unknown() -> Struct.of("user", Struct.EMPTY);
    };
  }
}
