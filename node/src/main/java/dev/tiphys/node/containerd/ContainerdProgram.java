package dev.tiphys.node.containerd;

import dev.tiphys.node.containerd.ContainerdException.Reason;
import dev.tiphys.node.host.HostProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The containerd that is installed.
///
/// @param setsid the program that starts another one in a session of its own
/// @param version as it gives it, as `1.6.20~ds1`
record ContainerdProgram(Path path, Path setsid, int major, int minor, String version) {

  /// The first version that speaks CRI v1.
  private static final int OLDEST_MAJOR = 1;

  private static final int OLDEST_MINOR = 6;

  /// `containerd github.com/containerd/containerd/v2 v2.1.0 deadbeef`
  private static final Pattern VERSION =
      Pattern.compile("^containerd \\S+ (v?([0-9]+)\\.([0-9]+)\\S*)");

  /// Finds containerd, and makes sure that what it needs is there as well.
  static ContainerdProgram find() throws ContainerdException, InterruptedException {
    HostProgram program = require("containerd");
    HostProgram setsid = require("setsid");
    require("containerd-shim-runc-v2");
    require("runc");
    try {
      HostProgram.Result answer = program.run("--version");
      return of(program.path(), setsid.path(), answer.output());
    } catch (IOException e) {
      throw new ContainerdException(
          Reason.FAILED, program.path() + " cannot be run: " + e.getMessage(), e);
    }
  }

  static ContainerdProgram of(Path path, Path setsid, String answer) throws ContainerdException {
    Matcher matcher = VERSION.matcher(answer);
    if (!matcher.find()) {
      throw new ContainerdException(
          Reason.FAILED, path + " --version gave no version: " + answer.strip());
    }
    int major = Integer.parseInt(matcher.group(2));
    int minor = Integer.parseInt(matcher.group(3));
    if (major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR)) {
      throw new ContainerdException(
          Reason.TOO_OLD,
          "containerd %s (%s) is too old: install %d.%d or later"
              .formatted(matcher.group(1), path, OLDEST_MAJOR, OLDEST_MINOR));
    }
    return new ContainerdProgram(path, setsid, major, minor, matcher.group(1));
  }

  private static HostProgram require(String name) throws ContainerdException {
    HostProgram program = HostProgram.find(name);
    if (program == null) {
      throw new ContainerdException(
          Reason.NOT_FOUND,
          name + " is not installed: install the packages containerd, runc and util-linux");
    }
    return program;
  }
}
