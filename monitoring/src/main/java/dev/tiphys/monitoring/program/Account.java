package dev.tiphys.monitoring.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
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
  private static final String ROOT = "root";
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  private final String name;
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  /// @param name of the user that packages make
  Account(String name) {
    this.name = name;
  }

  /// The words that run a program as this user. What it works in belongs to the user from then on.
  ///
  /// @param words the program and its arguments
  /// @param directory which it works in
  List<String> running(List<String> words, Path directory) {
    if (!System.getProperty("user.name").equals(ROOT)) {
      return words;
    }
    Path program = Path.of(words.getFirst());
    String without = without(program);
    Optional<UserPrincipal> user = without.isEmpty() ? find() : Optional.empty();
    if (user.isEmpty()) {
      String why = without.isEmpty() ? "there is no user " + name : without;
      if (said.add(why)) {
        LOG.log(Level.WARNING, "a program runs as root: program={0} reason={1}", program, why);
      }
      return words;
    }
    give(directory, user.get());
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

  private Optional<UserPrincipal> find() {
    try {
      return Optional.of(
          Path.of("/").getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name));
    } catch (UserPrincipalNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void give(Path directory, UserPrincipal user) {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.toList()) {
        if (!Files.getOwner(each).equals(user)) {
          Files.setOwner(each, user);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
