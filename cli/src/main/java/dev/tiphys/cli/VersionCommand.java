package dev.tiphys.cli;

import dev.tiphys.apiserver.discovery.ServerVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// `tiphys version`
@Command(name = "version", description = "Prints the version of Tiphys and of the API it speaks.")
final class VersionCommand implements Runnable {

  /// For `tiphys --version`.
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {text()};
    }
  }

  @Override
  public void run() {
    System.out.println(text());
  }

  private static String text() {
    return "tiphys "
        + ServerVersion.TIPHYS
        + " (Kubernetes API "
        + ServerVersion.API
        + ", Java "
        + Runtime.version().feature()
        + ")";
  }
}
