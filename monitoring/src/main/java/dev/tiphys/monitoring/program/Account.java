package dev.tiphys.monitoring.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The user of this machine that a program runs as: the one that its package makes, where this
/// process is root's, or else the one of this process.
///
/// It need not be able to reach the directory that it works in by its path: all its files are named
/// from there.
///
/// Threads: any.
final class Account {

  private static final System.Logger LOG = System.getLogger(Account.class.getName());
  private static final FileAttribute<?> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  private final String name;
  private final boolean root;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /// @param name of the user that packages make
  Account(String name) {
    this(name, System.getProperty("user.name"));
  }

  /// @param own the user that this process is of
  Account(String name, String own) {
    this.name = name;
    this.root = own.equals("root");
  }

  /// The words that run a program as this user. It can read what it works in, and write its data,
  /// from then on.
  ///
  /// @param words the program and its arguments
  /// @param directory which it works in
  List<String> running(List<String> words, Path directory) {
    if (!root) {
      return words;
    }
    Path program = Path.of(words.getFirst());
    String without = without(program);
    Optional<Identity> user = without.isEmpty() ? find() : Optional.empty();
    if (user.isEmpty()) {
      String why = without.isEmpty() ? "there is no user and group " + name : without;
      if (said.add(why)) {
        LOG.log(Level.WARNING, "a program runs as root: program={0} reason={1}", program, why);
      }
      return words;
    }
    share(directory, user.get());
    return Stream.concat(
            Stream.of(
                SETPRIV.toString(),
                "--reuid=" + name,
                "--regid=" + name,
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=-all",
                "--"),
            words.stream())
        .toList();
  }

  /// Why another user than root cannot be used; empty if one can.
  private static String without(Path program) {
    if (!Files.isExecutable(SETPRIV)) {
      return "there is no " + SETPRIV;
    }
    try {
      for (Path at = program.toRealPath(); at.getParent() != null; at = at.getParent()) {
        if (!Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return "only its owner may use " + at;
        }
      }
      return "";
    } catch (IOException e) {
      return program + " cannot be looked at: " + e.getMessage();
    }
  }

  /// @param group of the same name
  private record Identity(UserPrincipal user, GroupPrincipal group) {}

  private Optional<Identity> find() {
    UserPrincipalLookupService all = Path.of("/").getFileSystem().getUserPrincipalLookupService();
    try {
      return Optional.of(
          new Identity(all.lookupPrincipalByName(name), all.lookupPrincipalByGroupName(name)));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lets the user's group into the directory, and gives the user what it writes. The rest stays
  /// root's: nothing that root writes or removes can be put elsewhere by the program.
  private static void share(Path directory, Identity identity) {
    Path data = directory.resolve(ServerProgram.DATA);
    try {
      Files.createDirectories(data, PRIVATE);
      if (!Files.getOwner(data).equals(identity.user())) {
        giveAll(data, identity.user());
      }
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path each : all.filter(one -> !one.startsWith(data)).toList()) {
          letIn(each, identity.group());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From what is inside on: only root can enter until the last step.
  private static void giveAll(Path directory, UserPrincipal user) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.setOwner(each, user);
      }
    }
  }

  private static void letIn(Path file, GroupPrincipal group) throws IOException {
    Files.getFileAttributeView(file, PosixFileAttributeView.class).setGroup(group);
    Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    permissions.add(PosixFilePermission.GROUP_READ);
    if (Files.isDirectory(file)) {
      permissions.add(PosixFilePermission.GROUP_EXECUTE);
    }
    Files.setPosixFilePermissions(file, permissions);
  }
}
