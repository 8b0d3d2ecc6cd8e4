/// A server of the tests' own that speaks as AWS's services do, and is as strict. Its signatures
/// are verified by code that shares nothing with what signs.
@NullMarked
package dev.tiphys.secrets.provider.aws.server;

import org.jspecify.annotations.NullMarked;
