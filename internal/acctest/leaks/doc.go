// Package leaks holds tests that search everything the CLI writes for secrets.
package leaks
