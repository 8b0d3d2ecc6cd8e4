package dev.tiphys.client.http;

import dev.tiphys.object.Struct;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What only few kubeconfigs say of a server and of the credentials for it.
///
/// @param skipVerify whether any server is believed, whatever it proves
/// @param serverName the name that the server's certificate must have; empty for the one in its URL
/// @param proxy through which proxy the server is reached; empty for none
/// @param tokenFile a file with the bearer token, which may change at any time; null for none
/// @param username for basic authentication; empty for none
/// @param password for basic authentication
/// @param exec the program that gives credentials; null for none
/// @param impersonation the user to act as
/// @param files where the client's certificate and key stand, which may be renewed at any time;
///   null if they stand in no files
public record AccessOptions(
    boolean skipVerify,
    String serverName,
    String proxy,
    @Nullable Path tokenFile,
    String username,
    String password,
    @Nullable ExecPlugin exec,
    Impersonation impersonation,
    @Nullable CredentialFiles files) {

  /// The files of a client's certificate and its key.
  public record CredentialFiles(Path certificate, Path key) {}

  /// Nothing of all that.
  public static final AccessOptions NONE =
      new AccessOptions(false, "", "", null, "", "", null, Impersonation.NONE, null);

  /// A server of another name than that in its URL, or any server at all.
  ///
  /// @param name empty for the name in the URL
  public static AccessOptions ofServer(String name, boolean any) {
    return new AccessOptions(any, name, "", null, "", "", null, Impersonation.NONE, null);
  }

  /// The same, for a server that no authority vouches for.
  public AccessOptions believing() {
    return new AccessOptions(
        true, "", proxy, tokenFile, username, password, exec, impersonation, files);
  }

  /// The same, acting as another user.
  AccessOptions acting(Impersonation as) {
    return new AccessOptions(
        skipVerify, serverName, proxy, tokenFile, username, password, exec, as, files);
  }

  /// The user to act as, for clients that may act as others.
  ///
  /// @param user empty to ask as oneself
  public record Impersonation(
      String user, String uid, List<String> groups, Map<String, List<String>> extra) {

    public static final Impersonation NONE = new Impersonation("", "", List.of(), Map.of());

    public Impersonation {
      groups = List.copyOf(groups);
      extra = Map.copyOf(extra);
    }

    private static Impersonation of(Struct user) {
      Map<String, List<String>> extra = new TreeMap<>();
      Struct given = user.struct("as-user-extra");
      given.names().forEach(name -> extra.put(name, given.strings(name)));
      return new Impersonation(
          user.string("as"), user.string("as-uid"), user.strings("as-groups"), extra);
    }
  }

  /// @param file the kubeconfig, for messages and for the files that it names
  static AccessOptions of(Struct cluster, Struct user, Path file) throws IOException {
    String tokenFile = user.string("tokenFile");
    if (user.has("auth-provider")) {
      throw new IOException(
          file
              + " asks for the auth provider \""
              + user.string("auth-provider", "name")
              + "\": these were replaced by exec plugins");
    }
    List<String> ways = new ArrayList<>();
    if (!user.string("token").isEmpty() || !tokenFile.isEmpty()) {
      ways.add("token");
    }
    if (!user.string("username").isEmpty()) {
      ways.add("username");
    }
    if (ways.size() > 1) {
      throw new IOException(
          file + " has more than one authentication method: " + String.join(", ", ways));
    }
    return new AccessOptions(
        cluster.bool("insecure-skip-tls-verify"),
        cluster.string("tls-server-name"),
        proxy(cluster.string("proxy-url"), file),
        tokenFile.isEmpty() ? null : file.resolveSibling(tokenFile),
        user.string("username"),
        user.string("password"),
        user.has("exec") ? ExecPlugin.of(cluster, user.struct("exec"), file) : null,
        Impersonation.of(user),
        files(user, file));
  }

  private static @Nullable CredentialFiles files(Struct user, Path file) {
    String certificate = user.string("client-certificate");
    String key = user.string("client-key");
    boolean inside = user.has("client-certificate-data") || user.has("client-key-data");
    return inside || certificate.isEmpty() || key.isEmpty()
        ? null
        : new CredentialFiles(file.resolveSibling(certificate), file.resolveSibling(key));
  }

  /// Nothing but a certificate and a key in files.
  public static AccessOptions ofFiles(Path certificate, Path key) {
    return new AccessOptions(
        false,
        "",
        "",
        null,
        "",
        "",
        null,
        Impersonation.NONE,
        new CredentialFiles(certificate, key));
  }

  private static String proxy(String url, Path file) throws IOException {
    if (url.isEmpty()) {
      return "";
    }
    try {
      URI proxy = URI.create(url);
      if ("http".equals(proxy.getScheme()) && proxy.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": proxy-url is no URL: " + url, e);
    }
    throw new IOException(file + ": only proxies with http:// can be used, not " + url);
  }
}
