package dev.tiphys.apiserver.authentication;

import dev.tiphys.apiserver.request.UserInfo;
import java.util.List;

/// One kind of bearer tokens.
///
/// Threads: any.
public interface TokenAuthenticator {

  /// What a token proves.
  ///
  /// @param audiences those who ask: a token that was made for others proves nothing to them
  Verdict examine(String token, List<String> audiences);

  /// What a token proves.
  sealed interface Verdict {
    /// Nothing: it is of another kind.
    record Unknown() implements Verdict {}

    /// Nothing, though it is of this kind.
    ///
    /// @param error why, for those who may review tokens
    record Refused(String error) implements Verdict {}

    /// Whose it is.
    ///
    /// @param audiences those of the askers that it is for
    record Of(UserInfo user, List<String> audiences) implements Verdict {
      public Of {
        audiences = List.copyOf(audiences);
      }
    }

    Verdict UNKNOWN = new Unknown();
  }
}
