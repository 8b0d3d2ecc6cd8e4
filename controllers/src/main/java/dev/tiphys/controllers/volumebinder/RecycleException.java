package dev.tiphys.controllers.volumebinder;

/// A volume that was not emptied, in the words that its events tell.
final class RecycleException extends Exception {

  private static final long serialVersionUID = 1;

  RecycleException(String message) {
    super(message);
  }
}
