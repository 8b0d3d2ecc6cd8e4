package dev.tiphys.secrets.provider.aws.credentials;

import dev.tiphys.secrets.provider.StoreException;
import dev.tiphys.secrets.provider.aws.client.AwsEnvironment;
import dev.tiphys.secrets.provider.aws.client.Calls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The files `config` and `credentials`, of which the latter counts: keys, or roles that other
/// profiles may assume. Programs and single sign-on are refused.
final class SharedFiles implements Source {

  private static final int LONGEST_CHAIN = 5;

  private final Calls calls;
  private final Roles roles;
  private final String profile;
  private final Map<String, Map<String, String>> profiles = new HashMap<>();

  private SharedFiles(Calls calls, Roles roles, String profile) {
    this.calls = calls;
    this.roles = roles;
    this.profile = profile;
  }

  /// Reads the files as they are now; those that are not there say nothing.
  ///
  /// @throws StoreException if one can't be read
  static SharedFiles read(Calls calls, Roles roles) {
    AwsEnvironment environment = calls.environment();
    String named = environment.variable("AWS_PROFILE");
    SharedFiles files = new SharedFiles(calls, roles, named.isEmpty() ? "default" : named);
    Path folder = environment.home().resolve(".aws");
    files.add(file(environment.variable("AWS_CONFIG_FILE"), folder.resolve("config")));
    files.add(
        file(environment.variable("AWS_SHARED_CREDENTIALS_FILE"), folder.resolve("credentials")));
    return files;
  }

  private static Path file(String named, Path usual) {
    return named.isEmpty() ? usual : Path.of(named);
  }

  private void add(Path file) {
    if (!Files.isRegularFile(file)) {
      return;
    }
    Map<String, String> section = new HashMap<>();
    try {
      for (String each : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        String line = each.strip();
        int at = line.indexOf('=');
        if (line.startsWith("[") && line.endsWith("]")) {
          String name = line.substring(1, line.length() - 1).strip();
          String bare = name.startsWith("profile ") ? name.substring(8).strip() : name;
          section = profiles.computeIfAbsent(bare, _ -> new HashMap<>());
        } else if (at > 0 && !line.startsWith("#") && !line.startsWith(";")) {
          section.put(line.substring(0, at).strip(), line.substring(at + 1).strip());
        }
      }
    } catch (IOException e) {
      throw new StoreException("failed to retrieve credentials: unable to read file at " + file);
    }
  }

  @Override
  public Keys fetch() throws InterruptedException {
    return of(profile, 0).fetch();
  }

  private Source of(String name, int depth) {
    Map<String, String> settings = profiles.getOrDefault(name, Map.of());
    if (depth > LONGEST_CHAIN) {
      throw new StoreException("failed to retrieve credentials: profiles refer to one another");
    }
    String role = settings.getOrDefault("role_arn", "");
    String tokenFile = settings.getOrDefault("web_identity_token_file", "");
    String source = settings.getOrDefault("source_profile", "");
    if (!role.isEmpty() && !tokenFile.isEmpty()) {
      String session = settings.getOrDefault("role_session_name", "");
      return roles.ofToken(role, session, () -> DefaultChain.content(tokenFile));
    }
    if (!role.isEmpty() && !source.isEmpty() && !(depth > 0 && source.equals(name))) {
      KeptCredentials by =
          new KeptCredentials(
              calls.world(),
              calls.clock(),
              source.equals(name) ? keys(name) : of(source, depth + 1));
      String externalId = settings.getOrDefault("external_id", "");
      return roles.assumed(
          role,
          new Roles.Session(
              externalId, Roles.Session.PLAIN.tags(), Roles.Session.PLAIN.transitive()),
          by);
    }
    return keys(name);
  }

  private Source keys(String name) {
    Map<String, String> settings = profiles.getOrDefault(name, Map.of());
    String accessKey = settings.getOrDefault("aws_access_key_id", "");
    String secretKey = settings.getOrDefault("aws_secret_access_key", "");
    if (!accessKey.isEmpty() && !secretKey.isEmpty()) {
      String token = settings.getOrDefault("aws_session_token", "");
      return () -> Keys.lasting(accessKey, secretKey, token);
    }
    for (String refused : new String[] {"credential_process", "sso_start_url", "sso_session"}) {
      if (settings.containsKey(refused)) {
        throw new StoreException(
            "failed to retrieve credentials: %s of profile %s is not supported"
                .formatted(refused, name));
      }
    }
    return () -> {
      throw new DefaultChain.NoneHereException();
    };
  }
}
