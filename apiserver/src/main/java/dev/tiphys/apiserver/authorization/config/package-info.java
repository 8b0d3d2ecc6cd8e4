/// Which authorizers a server has, and in which order it asks them.
package dev.tiphys.apiserver.authorization.config;
