package dev.tiphys.client.http;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A kubeconfig: where clusters are, and who asks. See
/// <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>.
///
/// @param tree the whole file
public record Kubeconfig(Struct tree) {

  private static final Struct EMPTY =
      new StructBuilder()
          .add("apiVersion", "v1")
          .add("kind", "Config")
          .add("preferences", Struct.EMPTY)
          .build();

  /// Where a cluster is and who asks, as one context says.
  ///
  /// @param server the URL of the API server
  /// @param authority who vouches for the server, as PEM; empty for those the system believes
  /// @param certificate the client's certificate as PEM; empty if he has none
  /// @param key the client's key as PEM; empty if he has none
  /// @param token the client's bearer token; empty if he has none
  public record Access(
      String server, String authority, String certificate, String key, String token) {}

  /// @throws IOException if the file can't be read, or is no kubeconfig; the message names it
  public static Kubeconfig read(Path file) throws IOException {
    try {
      Object tree = Yaml.parse(Files.readString(file));
      return new Kubeconfig(tree instanceof Struct struct ? struct : EMPTY);
    } catch (EncodingException e) {
      throw new IOException(file + " is no kubeconfig: " + e.getMessage(), e);
    }
  }

  /// A kubeconfig with one cluster, one user and one context, all of one name.
  public static Kubeconfig of(String name, Access access) {
    return new Kubeconfig(EMPTY).with(name, access);
  }

  /// This kubeconfig with a cluster, a user and a context of a name, which becomes the current one.
  public Kubeconfig with(String name, Access access) {
    Struct cluster =
        new StructBuilder()
            .add("server", access.server)
            .addUnlessEmpty("certificate-authority-data", encoded(access.authority))
            .build();
    Struct user =
        new StructBuilder()
            .addUnlessEmpty("client-certificate-data", encoded(access.certificate))
            .addUnlessEmpty("client-key-data", encoded(access.key))
            .addUnlessEmpty("token", access.token)
            .build();
    Struct context = Struct.of("cluster", name, "user", name);
    Struct changed =
        StructBuilder.from(tree)
            .add("clusters", replaced("clusters", name, "cluster", cluster))
            .add("users", replaced("users", name, "user", user))
            .add("contexts", replaced("contexts", name, "context", context))
            .add("current-context", name)
            .build();
    return new Kubeconfig(changed);
  }

  /// This kubeconfig without the cluster, the user and the context of a name.
  public Kubeconfig without(String name) {
    StructBuilder changed = StructBuilder.from(tree);
    for (String list : List.of("clusters", "users", "contexts")) {
      changed.add(list, others(list, name));
    }
    if (tree.string("current-context").equals(name)) {
      changed.add("current-context", "");
    }
    return new Kubeconfig(changed.build());
  }

  private static String encoded(String pem) {
    return pem.isEmpty()
        ? ""
        : Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8));
  }

  private List<Object> replaced(String list, String name, String field, Struct value) {
    List<Object> entries = new ArrayList<>(others(list, name));
    entries.add(Struct.of("name", name, field, value));
    return List.copyOf(entries);
  }

  private List<Struct> others(String list, String name) {
    return tree.structs(list).stream().filter(entry -> !entry.string("name").equals(name)).toList();
  }

  /// What the current context says.
  ///
  /// @param file where the kubeconfig was read, for the files that it names
  /// @throws IOException if it names what is not there; the message says what
  public Access current(Path file) throws IOException {
    String name = tree.string("current-context");
    Struct context = entry("contexts", name).struct("context");
    if (context.isEmpty()) {
      throw new IOException(file + " has no context \"" + name + "\"");
    }
    Struct cluster = entry("clusters", context.string("cluster")).struct("cluster");
    Struct user = entry("users", context.string("user")).struct("user");
    if (cluster.string("server").isEmpty()) {
      throw new IOException(file + " names no server for the context \"" + name + "\"");
    }
    return new Access(
        cluster.string("server"),
        content(cluster, "certificate-authority", file),
        content(user, "client-certificate", file),
        content(user, "client-key", file),
        token(user, file));
  }

  private Struct entry(String list, String name) {
    for (Struct entry : tree.structs(list)) {
      if (entry.string("name").equals(name)) {
        return entry;
      }
    }
    return Struct.EMPTY;
  }

  private static String content(Struct holder, String field, Path file) throws IOException {
    String data = holder.string(field + "-data");
    if (!data.isEmpty()) {
      return new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8);
    }
    String path = holder.string(field);
    return path.isEmpty() ? "" : Files.readString(file.resolveSibling(path));
  }

  private static String token(Struct user, Path file) throws IOException {
    String path = user.string("tokenFile");
    return path.isEmpty()
        ? user.string("token")
        : Files.readString(file.resolveSibling(path)).strip();
  }

  /// Writes the file, readable by its owner only: whole, or not at all.
  public void write(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    Path temporary = absolute.resolveSibling(absolute.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, Yaml.text(tree), StandardCharsets.UTF_8);
    Files.move(
        temporary, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
