package dev.tiphys.apiserver.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiphys.apiserver.request.UserInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

  @TempDir Path directory;

  private Authentication authentication(String lines) throws IOException {
    Path file = directory.resolve("tokens.csv");
    Files.writeString(file, lines);
    return new Authentication(List.of(new TokenFile(file)));
  }

  @Test
  void aLineNamesAUserAndItsGroups() throws Exception {
    Authentication tokens =
        authentication("# comment\n\nsecret,ann,7,\"team, all\"\nother,bob,8\n");

    assertThat(tokens.ofToken("secret"))
        .isEqualTo(
            new UserInfo(
                "ann", "7", List.of("team", "all", UserInfo.AUTHENTICATED), java.util.Map.of()));
    assertThat(tokens.ofToken("other").groups()).containsExactly(UserInfo.AUTHENTICATED);
  }

  @Test
  void anUnknownTokenIsNobodys() throws Exception {
    Authentication tokens = authentication("secret,ann,7\n");

    assertThat(tokens.ofToken("secre")).isNull();
    assertThat(tokens.ofToken("")).isNull();
  }

  @Test
  void aLineThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> authentication("secret,ann,7\nonly,two\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens.csv:2");
  }
}
