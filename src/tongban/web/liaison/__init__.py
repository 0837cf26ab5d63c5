"""Firms' files, the officers who call on firms, and their visits."""
