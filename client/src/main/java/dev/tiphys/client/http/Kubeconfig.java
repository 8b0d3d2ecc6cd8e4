package dev.tiphys.client.http;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.EncodingException;
import dev.tiphys.object.encoding.Yaml;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A kubeconfig: where clusters are, and with which credentials to reach them. See
/// <https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/>.
///
/// @param tree the whole file
public record Kubeconfig(Struct tree) {

  private static final List<String> LISTS = List.of("clusters", "users", "contexts");
  private static final List<String> CLUSTER_FILES = List.of("certificate-authority");
  private static final List<String> USER_FILES =
      List.of("client-certificate", "client-key", "tokenFile");

  private static final Struct EMPTY =
      new StructBuilder()
          .add("apiVersion", "v1")
          .add("kind", "Config")
          .add("preferences", Struct.EMPTY)
          .build();

  /// Where a cluster is and with which credentials to reach it, as one context says.
  ///
  /// @param server the URL of the API server
  /// @param authority the authorities that vouch for the server, as PEM; empty for the system's
  /// @param certificate the client's certificate as PEM; empty if it has none
  /// @param key the client's key as PEM; empty if it has none
  /// @param token the client's bearer token; empty if it has none
  /// @param more what few kubeconfigs say
  public record Access(
      String server,
      String authority,
      String certificate,
      String key,
      String token,
      AccessOptions more) {

    /// With nothing that only few kubeconfigs say.
    public Access(String server, String authority, String certificate, String key, String token) {
      this(server, authority, certificate, key, token, AccessOptions.NONE);
    }

    /// The same, acting as another user.
    public Access actingAs(String user) {
      return with(more.acting(new AccessOptions.Impersonation(user, "", List.of(), Map.of())));
    }

    /// The same with other options.
    public Access with(AccessOptions options) {
      return new Access(server, authority, certificate, key, token, options);
    }
  }

  /// Reads one file, as it is.
  ///
  /// @throws IOException if the file can't be read, or is no kubeconfig; the message names it
  public static Kubeconfig read(Path file) throws IOException {
    try {
      Object tree = Yaml.parse(Files.readString(file));
      return new Kubeconfig(tree instanceof Struct struct ? struct : EMPTY);
    } catch (EncodingException e) {
      throw new IOException(file + " is no kubeconfig: " + e.getMessage(), e);
    }
  }

  /// Reads several files as one: of entries with the same name, and of everything else that several
  /// say, the first file's counts. Files that are not there say nothing. Paths in a file are
  /// relative to it; here they are absolute.
  ///
  /// @throws IOException as [#read]
  public static Kubeconfig merged(List<Path> files) throws IOException {
    Kubeconfig merged = new Kubeconfig(EMPTY);
    for (Path file : files) {
      if (Files.exists(file)) {
        merged = merged.followedBy(read(file).relativeTo(file.toAbsolutePath()));
      }
    }
    return merged;
  }

  /// The files that `KUBECONFIG` names, or the usual one if it names none.
  ///
  /// @param variable the value of the variable; null if it is not set
  public static List<Path> files(@Nullable String variable, Path usual) {
    List<Path> files = new ArrayList<>();
    for (String name : variable == null ? new String[0] : variable.split(File.pathSeparator)) {
      if (!name.isEmpty() && !files.contains(Path.of(name))) {
        files.add(Path.of(name));
      }
    }
    return files.isEmpty() ? List.of(usual) : files;
  }

  private Kubeconfig followedBy(Kubeconfig other) {
    StructBuilder merged = StructBuilder.from(other.tree);
    tree.forEach(merged::add);
    for (String list : LISTS) {
      List<Struct> entries = new ArrayList<>(tree.structs(list));
      for (Struct entry : other.tree.structs(list)) {
        if (entries.stream().noneMatch(e -> e.string("name").equals(entry.string("name")))) {
          entries.add(entry);
        }
      }
      merged.add(list, List.copyOf(entries));
    }
    if (tree.string("current-context").isEmpty()) {
      merged.add("current-context", other.tree.string("current-context"));
    }
    return new Kubeconfig(merged.build());
  }

  private Kubeconfig relativeTo(Path file) {
    return new Kubeconfig(
        tree.with("clusters", resolved("clusters", "cluster", CLUSTER_FILES, file))
            .with("users", resolved("users", "user", USER_FILES, file)));
  }

  private List<Struct> resolved(String list, String holder, List<String> fields, Path file) {
    List<Struct> entries = new ArrayList<>();
    for (Struct entry : tree.structs(list)) {
      Struct changed = entry;
      for (String field : fields) {
        String path = entry.string(holder, field);
        if (!path.isEmpty()) {
          changed = changed.withAt(file.resolveSibling(path).toString(), holder, field);
        }
      }
      String command = entry.string(holder, "exec", "command");
      if (command.contains("/")) { // else it is looked for where all programs are
        changed =
            changed.withAt(file.resolveSibling(command).toString(), holder, "exec", "command");
      }
      entries.add(changed);
    }
    return entries;
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
    AccessOptions.CredentialFiles files = access.more.files();
    StructBuilder credentials = new StructBuilder();
    if (files == null) {
      credentials
          .addUnlessEmpty("client-certificate-data", encoded(access.certificate))
          .addUnlessEmpty("client-key-data", encoded(access.key));
    } else {
      credentials
          .add("client-certificate", files.certificate().toString())
          .add("client-key", files.key().toString());
    }
    Struct user = credentials.addUnlessEmpty("token", access.token).build();
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
    for (String list : LISTS) {
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
  /// @param file where the kubeconfig was read, for messages and for the files that it names
  /// @throws IOException if it names what is not there, or contradicts itself; the message says
  ///   what
  public Access current(Path file) throws IOException {
    return context(tree.string("current-context"), file);
  }

  /// What a context says.
  ///
  /// @param file as in [#current]
  /// @throws IOException as [#current]
  public Access context(String name, Path file) throws IOException {
    Struct context = entry("contexts", name).struct("context");
    if (context.isEmpty()) {
      throw new IOException(file + " has no context \"" + name + "\"");
    }
    Struct cluster = entry("clusters", context.string("cluster")).struct("cluster");
    if (cluster.string("server").isEmpty()) {
      throw new IOException(file + " names no server for the context \"" + name + "\"");
    }
    Struct user = entry("users", context.string("user")).struct("user");
    String unknown = context.string("user");
    if (user.isEmpty() && !unknown.isEmpty() && !has("users", unknown)) {
      throw new IOException(file + " has no user \"" + unknown + "\"");
    }
    String authority = content(cluster, "certificate-authority", file);
    AccessOptions options = AccessOptions.of(cluster, user, file);
    if (options.skipVerify() && !authority.isEmpty()) {
      throw new IOException(
          file + " both names an authority and says that the server is not to be verified");
    }
    return new Access(
        cluster.string("server"),
        authority,
        content(user, "client-certificate", file),
        content(user, "client-key", file),
        user.string("token"),
        options);
  }

  /// The namespace that a context is for; `default` if it names none.
  ///
  /// @param context null for the current one
  public String namespace(@Nullable String context) {
    String name = context == null ? tree.string("current-context") : context;
    String namespace = entry("contexts", name).string("context", "namespace");
    return namespace.isEmpty() ? "default" : namespace;
  }

  private boolean has(String list, String name) {
    return tree.structs(list).stream().anyMatch(entry -> entry.string("name").equals(name));
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
    try {
      if (!data.isEmpty()) {
        return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
      }
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + field + "-data is not base64", e);
    }
    String path = holder.string(field);
    try {
      return path.isEmpty() ? "" : Files.readString(file.resolveSibling(path));
    } catch (NoSuchFileException e) {
      throw new IOException(file + " names a file that is not there: " + path, e);
    }
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
