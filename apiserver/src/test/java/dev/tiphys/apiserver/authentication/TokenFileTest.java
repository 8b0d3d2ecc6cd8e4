package dev.tiphys.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.authentication.TokenAuthenticator.Verdict;
import dev.tiphys.apiserver.request.UserInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

  @TempDir Path directory;

  private TokenFile tokens(String lines) throws IOException {
    Path file = directory.resolve("tokens.csv");
    Files.writeString(file, lines);
    return new TokenFile(file);
  }

  @Test
  void aLineNamesAUserAndItsGroups() throws Exception {
    TokenFile tokens = tokens("# comment\n\nsecret,ann,7,\"team, all\"\nother,bob,8\n");
    List<String> audiences = List.of("any");

    assertThat(tokens.examine("secret", audiences))
        .isEqualTo(
            new Verdict.Of(new UserInfo("ann", "7", List.of("team", "all"), Map.of()), audiences));
    assertThat(tokens.examine("other", audiences))
        .isEqualTo(new Verdict.Of(new UserInfo("bob", "8", List.of(), Map.of()), audiences));
  }

  @Test
  void anUnknownTokenIsNobodys() throws Exception {
    TokenFile tokens = tokens("secret,ann,7\n");

    assertThat(tokens.examine("secre", List.of())).isEqualTo(Verdict.UNKNOWN);
    assertThat(tokens.examine("", List.of())).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aLineThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> tokens("secret,ann,7\nonly,two\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens.csv:2");
  }
}
