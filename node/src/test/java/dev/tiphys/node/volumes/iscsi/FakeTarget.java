package dev.tiphys.node.volumes.iscsi;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.world.World;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// A target whose disks are files of the test, behind a program that takes the arguments of
/// `iscsiadm` and remembers sessions as it does.
final class FakeTarget {
  private static final String PROGRAM =
      """
      #!/bin/sh
      home=$(dirname "$0")
      echo "$*" >> "$home/asked"
      if [ -s "$home/fail" ]; then
        case " $* " in *"$(cat "$home/fail")"*) echo "as the test wants it"; exit 8;; esac
      fi
      all="$*"
      while [ $# -gt 0 ]; do
        case "$1" in
          -p) portal=$2;;
          -T) target=$2;;
        esac
        shift
      done
      touch "$home/sessions"
      case "$all" in
        "-m iface"*"-o show")
          echo "# BEGIN RECORD"
          echo "iface.iscsi_ifacename = default"
          echo "iface.transport_name = tcp"
          echo "iface.initiatorname = <empty>"
          echo "iface.mtu = 0";;
        "-m session")
          [ -s "$home/sessions" ] || { echo "iscsiadm: No active sessions."; exit 21; }
          cat "$home/sessions";;
        *--login)
          echo "tcp: [1] $portal,1 $target (non-flash)" >> "$home/sessions"
          for lun in "$home/luns/"*; do
            ln -sfn "$(readlink "$lun")" "$home/links/ip-$portal-iscsi-$target-lun-${lun##*/}"
          done;;
        *--logout)
          grep -qF "$portal,1 $target " "$home/sessions" || exit 21
          grep -vF "$portal,1 $target " "$home/sessions" > "$home/left"
          mv "$home/left" "$home/sessions"
          rm -f "$home/links/ip-$portal-iscsi-$target-lun-"*;;
      esac
      exit 0
      """;

  private final Path home;

  FakeTarget(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home.resolve("luns"));
    Files.createDirectories(home.resolve("links"));
    Path program = Files.writeString(home.resolve("iscsiadm"), PROGRAM);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  Initiator initiator(World world) {
    return new Initiator(
        world,
        () -> new HostProgram(home.resolve("iscsiadm")),
        home.resolve("links"),
        home.resolve("blocks"));
  }

  /// The target has a disk.
  void add(int lun, Path device) throws IOException {
    Files.createSymbolicLink(home.resolve("luns").resolve(Integer.toString(lun)), device);
  }

  /// What is asked from now on fails if these words are in it; nothing does if there are none.
  void fail(String words) throws IOException {
    Files.writeString(home.resolve("fail"), words);
  }

  /// Everything that was asked so far.
  List<String> asked() throws IOException {
    Path asked = home.resolve("asked");
    return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
  }

  long count(String words) throws IOException {
    return asked().stream().filter(line -> line.contains(words)).count();
  }

  /// The sessions that there are.
  List<String> sessions() throws IOException {
    return Files.readAllLines(home.resolve("sessions"));
  }

  /// What the end of the machine does.
  void forget() throws IOException {
    Files.delete(home.resolve("sessions"));
    try (var links = Files.newDirectoryStream(home.resolve("links"))) {
      for (Path link : links) {
        Files.delete(link);
      }
    }
  }
}
