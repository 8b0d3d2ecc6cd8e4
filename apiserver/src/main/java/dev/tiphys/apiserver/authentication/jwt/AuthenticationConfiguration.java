package dev.tiphys.apiserver.authentication.jwt;

import dev.tiphys.apiserver.authentication.Anonymous;
import dev.tiphys.object.Struct;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Upstream's AuthenticationConfiguration: whose tokens are believed, and which requests need not
/// prove anything.
///
/// @param jwt the issuers
/// @param anonymous which requests may be anonymous
public record AuthenticationConfiguration(List<JwtSettings> jwt, Anonymous anonymous) {

  /// No other issuers, and anonymous requests everywhere.
  public static final AuthenticationConfiguration NONE =
      new AuthenticationConfiguration(List.of(), Anonymous.EVERYWHERE);

  public AuthenticationConfiguration {
    jwt = List.copyOf(jwt);
  }

  /// What a file says.
  ///
  /// @param own the issuers of this server's own tokens, which none may be
  /// @throws IllegalArgumentException if it can't be used; the message says why
  public static AuthenticationConfiguration read(Path file, List<String> own) throws IOException {
    String text = Files.readString(file);
    try {
      if (Yaml.parse(text) instanceof Struct tree) {
        return ConfigurationReader.read(tree, own);
      }
    } catch (EncodingException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    throw new IllegalArgumentException(file + " holds no AuthenticationConfiguration");
  }
}
