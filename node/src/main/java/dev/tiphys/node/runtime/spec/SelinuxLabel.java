package dev.tiphys.node.runtime.spec;

/// An SELinux label. Empty parts are the runtime's to choose.
public record SelinuxLabel(String user, String role, String type, String level) {}
