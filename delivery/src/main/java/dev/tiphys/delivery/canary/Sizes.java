package dev.tiphys.delivery.canary;

/// How many Pods canary and stable are to have.
record Sizes(long canary, long stable) {}
