/// Whether who asks may do what he asks for.
package dev.tiphys.apiserver.authorization;
