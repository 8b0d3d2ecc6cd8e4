package dev.tiphys.cli.machine;

import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.CniPlugins;
import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The programs that a node runs containers with, and the Debian packages they come in.
public final class NodePackages {

  /// A program of each package that is there if the package is.
  private static final Map<String, String> PROGRAMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put("containerd", "containerd");
    PROGRAMS.put("containerd-shim-runc-v2", "containerd");
    PROGRAMS.put("runc", "runc");
    PROGRAMS.put("nft", "nftables");
    PROGRAMS.put("ip", "iproute2");
    PROGRAMS.put("setsid", "util-linux");
    PROGRAMS.put("umount", "mount");
    PROGRAMS.put("losetup", "mount");
    PROGRAMS.put("mkfs.ext4", "e2fsprogs");
  }

  private NodePackages() {}

  /// Makes sure that they are all there.
  ///
  /// @param install whether what is missing may be installed
  /// @param network whether the plugins of the network of Pods are among them
  /// @param say told what is done
  /// @throws CliException if something is missing and stays so
  public static void require(boolean install, boolean network, Consumer<String> say)
      throws InterruptedException {
    Set<String> missing = missing(network);
    if (missing.isEmpty()) {
      return;
    }
    String command = "apt-get install --no-install-recommends " + String.join(" ", missing);
    HostProgram apt = HostProgram.find("apt-get");
    if (!install || apt == null || !HostRequirements.isRoot()) {
      throw new CliException("a node needs what is not installed; run as root: " + command);
    }
    say.accept("Installing " + String.join(", ", missing) + ": " + command);
    run(apt, List.of("update", "-qq"));
    List<String> words =
        new ArrayList<>(List.of("install", "-y", "-qq", "--no-install-recommends"));
    words.addAll(missing);
    run(apt, words);
    Set<String> still = missing(network);
    if (!still.isEmpty()) {
      throw new CliException(
          "apt-get ended well, but what comes with %s is still missing".formatted(still));
    }
  }

  private static Set<String> missing(boolean network) {
    Set<String> missing = new TreeSet<>();
    PROGRAMS.forEach(
        (program, debianPackage) -> {
          if (HostProgram.find(program) == null) {
            missing.add(debianPackage);
          }
        });
    if (network) {
      try {
        CniPlugins.find();
      } catch (CniException _) {
        missing.add("containernetworking-plugins");
      }
    }
    return missing;
  }

  private static void run(HostProgram apt, List<String> words) throws InterruptedException {
    try {
      HostProgram.Result result = apt.run(words.toArray(String[]::new));
      if (!result.succeeded()) {
        throw new CliException(
            "apt-get %s failed: %s".formatted(words.getFirst(), lastLine(result.output())));
      }
    } catch (IOException e) {
      throw new CliException("apt-get cannot be run: " + e.getMessage(), e);
    }
  }

  private static String lastLine(String output) {
    return output.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line);
  }
}
