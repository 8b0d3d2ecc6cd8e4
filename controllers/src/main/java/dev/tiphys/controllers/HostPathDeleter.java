package dev.tiphys.controllers;

import java.io.IOException;

/// Deletes the directories of hostPath volumes whose policy is `Delete`, on the machine of the
/// controllers: as upstream's deleter, it is of use only where that is the one node.
@FunctionalInterface
public interface HostPathDeleter {

  /// For clusters without a node on this machine: there is nothing to be deleted.
  HostPathDeleter NOTHING = _ -> {};

  /// Deletes a directory or a file with all that is below it, if it is there.
  ///
  /// @param path below `/tmp`, without steps back
  /// @throws IOException if something is left; it is tried again
  void delete(String path) throws IOException;
}
